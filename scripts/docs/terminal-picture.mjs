/**
 * Draws text as it is shown in a terminal: `wgql user list | node scripts/docs/terminal-picture.mjs 'wgql user list'`
 * prints an SVG. docs/images/user-list.svg was made from the demo.
 */
import { text } from 'node:stream/consumers';

const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 7.8;
const MARGIN = 16;

const [command = ''] = process.argv.slice(2);
const lines = (await text(process.stdin)).trimEnd().split('\n');
const columns = Math.max(...lines.map((line) => line.length), command.length + 2);
const width = Math.ceil(columns * CHARACTER_WIDTH) + 2 * MARGIN;
const height = (lines.length + 1) * LINE_HEIGHT + 2 * MARGIN;

const escaped = (line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** `textLength` keeps columns aligned whatever font is there. */
function drawn(line, index) {
  const y = MARGIN + (index + 1) * LINE_HEIGHT - 5;
  const length = (line.length * CHARACTER_WIDTH).toFixed(1);
  const colour = index === 0 ? '#8b949e' : index === 1 ? '#79c0ff' : '#e6edf3';
  return `<text x="${MARGIN}" y="${y}" fill="${colour}" textLength="${length}" xml:space="preserve">${escaped(line)}</text>`;
}

console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
<title>Output of ${escaped(command)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${[`$ ${command}`, ...lines].map(drawn).join('\n')}
</svg>`);
