/** Compiles the messages of web/text/, so that the page needs no parser for them. */
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { compileMessage } = require('@lingui/message-utils/compileMessage');

export const messages = {
  name: 'messages',
  enforce: 'pre',
  transform: {
    filter: { id: /\/web\/text\/.*\.json$/ },
    handler: (text) => {
      const compiled = Object.entries(JSON.parse(text)).map(([id, each]) => [
        id,
        compileMessage(each),
      ]);
      const code = `export default ${JSON.stringify(Object.fromEntries(compiled))};`;
      return { code, moduleType: 'js', map: null };
    },
  },
};
