import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/process/log.ts';
import { terminalLines } from '../../src/process/terminal-lines.ts';
import { run } from '../fixtures/program.ts';
import { startTestApp } from '../fixtures/test-app.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();

describe('WGQL_LANGUAGE', () => {
  it('is the language of the log, and of messages for clients that name none', async () => {
    const app = await startTestApp({ env: { WGQL_LANGUAGE: 'zh' } });
    expect(app.log.join('\n')).toContain('正在监听');
    const ask = async (headers: Record<string, string>) =>
      (await app.graphql('{ user { id } }', {}, headers)).errors?.[0]?.message ?? '';
    expect(await ask({})).toMatch(/[\u4e00-\u9fff]/);
    expect(await ask({ 'accept-language': 'en' })).not.toMatch(/[\u4e00-\u9fff]/);
    await app.restart({ WGQL_LANGUAGE: 'en' });
    expect((await app.rest('/api/users/99')).text).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it.each([
    ['en', /^"nonsense" is not a valid argument\.\n\nUsage/],
    ['zh', /^无法识别 "nonsense"。\n\nUsage/],
  ])('is the language of commands: %s', async (language, said) => {
    const env = { ...folder.settings(), WGQL_LANGUAGE: language };
    const { code, stderr } = await run({ cwd: folder.path, env, args: ['nonsense'] });
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });
});

describe('the log on a terminal', () => {
  it('is a line for people for each entry, with the stack of an unexpected error', () => {
    const lines: string[] = [];
    const terminal = { write: (text: string) => lines.push(text) > 0 };
    const options = { base: null, timestamp: () => ',"time":"2026-01-15T12:00:05.678Z"' };
    const log = createLog(pino(options, terminalLines(terminal, 'Asia/Shanghai')), 'en');
    log.info({ en: 'It starts.', zh: '启动。' }, { url: 'http://127.0.0.1' });
    log.warn({ en: 'Look.', zh: '注意。' });
    log.error({ en: 'It failed.', zh: '失败。' }, { err: new Error('broken') });
    expect(lines.slice(0, 2)).toEqual(['20:00:05  It starts.\n', '20:00:05  WARNING Look.\n']);
    expect(lines[2]).toMatch(/^20:00:05 {2}ERROR It failed\.\nError: broken\n +at /);
  });
});
