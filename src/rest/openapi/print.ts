import { openApiText } from './document.ts';

process.stdout.write(openApiText());
