import { describe, expect, it } from 'vitest';
import { changesOf, draftOf } from '../../web/pages/settings/client-defaults.ts';

const stored = draftOf({
  endpoint: null,
  dns: ['192.0.2.53'],
  allowedIps: ['0.0.0.0/0', '::/0'],
  mtu: 1400,
  keepalive: 25,
});

const change = (edited: Partial<typeof stored>) => changesOf(stored, { ...stored, ...edited });

describe('the edited defaults of new clients', () => {
  it('have no changes if nothing was edited', () => {
    expect(change({})).toEqual({});
  });

  it('have only the fields that were edited', () => {
    expect(change({ endpoint: ' vpn.example:51820 ' })).toEqual({ endpoint: 'vpn.example:51820' });
    expect(change({ keepalive: '0' })).toEqual({ keepalive: 0 });
  });

  it('return an emptied field to the settings of the server', () => {
    expect(change({ mtu: '', dns: '  ' })).toEqual({ mtu: null, dns: null });
  });

  it('separate lists at commas, spaces and Chinese commas', () => {
    expect(change({ dns: '192.0.2.1，192.0.2.2 192.0.2.3,' })).toEqual({
      dns: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
    });
  });

  it.each(['big', '1e9', '-5', '12.5', '99999999999'])(
    'send %j as a number that the server refuses',
    (mtu) => {
      expect(change({ mtu })).toEqual({ mtu: -1 });
    },
  );
});
