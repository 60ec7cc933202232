/** Writes archives that depend only on the files in them. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const MAX_BYTES = 512 * 1024 * 1024;

/** The time that all files of a release have, in seconds: that of the last commit, unless the caller sets one. */
export function releaseTime() {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (/^\d+$/.test(SOURCE_DATE_EPOCH ?? '')) return SOURCE_DATE_EPOCH;
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' }).trim();
  } catch {
    throw new Error('This is not a git clone: set SOURCE_DATE_EPOCH to the time of the release.');
  }
}

/** Writes the files of `folder` to the archive `file`, below the folder `name`. Needs GNU tar. */
export function pack(folder, name, file) {
  const options = [
    ...['--create', '--format=ustar', '--sort=name', `--mtime=@${releaseTime()}`],
    ...['--owner=root:0', '--group=root:0', '--mode=u+rwX,go+rX,go-w'],
    ...['--directory', folder, '--transform', `s,^\\.,${name},`, '.'],
  ];
  const tar = execFileSync('tar', options, { maxBuffer: MAX_BYTES });
  writeFileSync(file, gzipSync(tar, { level: 9 }));
}
