/** Runs child processes under a lock, with their output in the log of the step. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compilerFlags } from '../sqlite/compiled-module.mjs';
import { Failure, say } from './failure.mjs';
import { logOf } from './notes.mjs';

const NODE_HOME = join(process.execPath, '../..');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The file descriptor of the lock; 'ignore' before it is taken. */
let lock = 'ignore';

/**
 * Runs `work` while no other set-up of this folder runs. The lock is a listening socket with a name outside the
 * file system, which the kernel releases however its holders end. Only Linux has such names; elsewhere there
 * is no lock, and two set-ups must not be started at once.
 */
export async function withLock(work) {
  if (process.platform !== 'linux') return work();
  const socket = await listenInTurn();
  lock = socket._handle?.fd ?? 'ignore';
  try {
    return await work();
  } finally {
    socket.close();
  }
}

async function listenInTurn() {
  // A folder may have several paths, but has one inode.
  const { dev, ino } = statSync('.');
  for (let attempt = 1; ; attempt += 1) {
    const socket = createServer().listen({ path: `\0wgql-setup-${dev}-${ino}` });
    try {
      await once(socket, 'listening');
      return socket;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
    if (attempt === 1) say('waiting for another set-up of this folder to finish');
    await sleep(100);
  }
}

const environment = () => ({
  // Headers beside the running Node.js save the compiler of the SQLite module a download.
  ...(existsSync(join(NODE_HOME, 'include/node/node.h')) && { npm_config_nodedir: NODE_HOME }),
  ...process.env,
  CXXFLAGS: compilerFlags(process.env),
  // Prisma looks for its generators in PATH.
  PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`,
  // Prisma downloads its schema engine unless this names a program, but never starts it here.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  CHECKPOINT_DISABLE: '1',
});

/** Whether the command succeeds. A signal is passed on and the child awaited, so that it is not left writing. */
export async function run(step, command, ...args) {
  const log = openSync(logOf(step), 'a');
  // The child holds the lock as well: if the set-up is killed, the next one waits for the child.
  const child = spawn(command, args, { stdio: ['ignore', log, log, lock], env: environment() });
  let isInterrupted = false;
  const forward = (signal) => {
    isInterrupted = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  try {
    const [code] = await once(child, 'close');
    if (isInterrupted) throw new Failure('interrupted');
    return code === 0;
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward);
    closeSync(log);
  }
}
