/** Writes each file of a build in compressed forms as well, so that the server compresses nothing. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

export const compressed = {
  name: 'compressed',
  apply: 'build',
  writeBundle: async ({ dir }, files) => {
    for (const { fileName, code, source } of Object.values(files)) {
      const content = Buffer.from(code ?? source);
      await writeFile(join(dir, `${fileName}.br`), brotliCompressSync(content, BROTLI));
      await writeFile(join(dir, `${fileName}.gz`), gzipSync(content, { level: 9 }));
    }
  },
};
