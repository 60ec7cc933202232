import { describe, expect, it } from 'vitest';
import { detailParts } from '../../web/audit/detail.ts';

describe('the detail of an entry of the audit log', () => {
  it('lists the changed fields without those that the program keeps for itself', () => {
    const detail = JSON.stringify({ fields: ['nickname', 'offsetRx', 'quotaMarkAt', 'mail'] });
    expect(detailParts(detail)).toEqual([{ kind: 'fields', fields: ['nickname', 'mail'] }]);
  });

  it('has no part for fields that are all kept for the program', () => {
    expect(detailParts(JSON.stringify({ fields: ['cutReason', 'requestedBy'] }))).toEqual([]);
  });

  it('has a part for each other value', () => {
    const detail = JSON.stringify({ webhook: 3, receiver: 'https://hook.example', until: null });
    expect(detailParts(detail)).toEqual([
      { kind: 'value', name: 'webhook', value: '3' },
      { kind: 'value', name: 'receiver', value: 'https://hook.example' },
    ]);
  });

  it.each(['', 'no JSON', 'null', '5', '"text"'])('has no parts if it is %j', (detail) => {
    expect(detailParts(detail)).toEqual([]);
  });
});
