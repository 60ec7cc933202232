/** Child processes whose output goes to a log instead of over the screen. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './report.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end, both its outputs in `log` (`append` keeps what is there); resolves
 * with its exit code. A signal that would end the set-up is passed on and the child awaited:
 * otherwise the child would go on writing into folders that the next set-up believes to be its own.
 */
export function run(command, args, { log, env = {}, append = false, shell = false }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, append ? 'a' : 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
      shell,
    });
    let interrupted = false;
    const forward = (signal) => {
      interrupted = true;
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const settle = (then) => (value) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      closeSync(output);
      then(value);
    };
    child.once('error', settle(reject));
    child.once(
      'close',
      settle((code) => {
        if (interrupted) reject(new SetupError('The set-up was interrupted.'));
        else resolve(code ?? 1);
      }),
    );
  });
}

/** Runs a script with the Node.js that runs the set-up, not with whatever `node` PATH holds. */
export function runNode(script, args, options) {
  return run(process.execPath, [script, ...args], options);
}
