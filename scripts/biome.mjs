#!/usr/bin/env node
/**
 * Runs Biome from its platform package. The usual wrapper package lists the binaries of every
 * system, and an install fails where a registry lacks one of them; the platform package alone is an
 * optional dependency, of a package of its own, so that a start does not install it. Without it,
 * formatting and linting are skipped, except in the automatic checks, which fail.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const platform = `${process.platform}-${process.arch}`;
const name = process.platform === 'win32' ? 'biome.exe' : 'biome';
const binary = fileURLToPath(
  new URL(`lint/node_modules/@biomejs/cli-${platform}/${name}`, import.meta.url),
);

if (existsSync(binary)) {
  const { status, error } = spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' });
  if (error) console.error(`Biome could not be started: ${error.message}`);
  process.exitCode = status ?? 1;
} else {
  console.error(`Biome is not installed for ${platform}, so nothing was checked or formatted.`);
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
}
