import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, readPage } from '../docs/support.ts';
import { startFleet } from '../rest/support.ts';
import { DEPLOY } from './tools.ts';

/** The cells of the first columns of the tables below a heading. */
async function tableOf(heading: string): Promise<string[][]> {
  const page = await readPage('docs/MONITORING.md');
  const [, section = ''] = page.split(`\n### ${heading}\n`);
  const [own = ''] = section.split(/\n##/);
  return own
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, ...cells]) => cells);
}

describe('docs/MONITORING.md', () => {
  it('lists every metric with its type, except those of prom-client', async () => {
    const app = await startFleet();
    const { text } = await app.rest('/metrics');
    const exported = [...text.matchAll(/^# TYPE ((?:wgql|wireguard)_\S+) (\w+)$/gm)];
    const listed = (await tableOf('All metrics')).map(([name, type]) => `${name} ${type}`);
    expect(listed.sort()).toEqual(exported.map(([, name, type]) => `${name} ${type}`).sort());
  });

  it('lists every alert with its severity', async () => {
    const rules = await readFile(join(DEPLOY, 'prometheus/wgql.rules.yml'), 'utf8');
    const alerts = [...rules.matchAll(/- alert: (\w+)\n.*?severity: (\w+)/gs)];
    const listed = (await tableOf('Alerts')).map(([name, severity]) => `${name} ${severity}`);
    expect(listed).toEqual(alerts.map(([, name, severity]) => `${name} ${severity}`));
  });

  it('has the scrape configuration that is in deploy', async () => {
    const blocks = blocksOf(await readPage('docs/MONITORING.md'));
    const block = blocks.find(({ code }) => code.includes('authorization:'))?.code ?? '';
    const example = await readFile(join(DEPLOY, 'prometheus/prometheus.yml'), 'utf8');
    const plain = (text: string) => text.replaceAll(/^\s*#.*\n/gm, '');
    expect(plain(example)).toContain(block);
  });
});
