/**
 * Turns a failed installation's log into one sentence, in English and in Chinese, that says what to
 * do. npm's own pages of output are shown only where none of the known reasons fits.
 */
import { readLog, tail, typedCommand } from './report.mjs';

const NETWORK =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)\b|fetch failed|network connectivity/;

function linesWith(log, prefix) {
  return log.split('\n').filter((line) => line.includes(prefix));
}

/** No compiler, no Python, or a compiler that fails. */
export function nativeMessage(file) {
  const again = typedCommand();
  return [
    `The SQLite module (better-sqlite3) could be neither downloaded nor compiled: install a C++ compiler, make and Python 3 (on Debian and Ubuntu \`apt-get install build-essential python3\`), then run \`${again}\` again (details: ${file}).`,
    `SQLite 模块(better-sqlite3)既无法下载也无法编译:请安装 C++ 编译器、make 和 Python 3(Debian/Ubuntu:\`apt-get install build-essential python3\`),然后重新运行 \`${again}\`(详情见 ${file})。`,
  ].join('\n');
}

/** The compiler never ran, because Node.js's headers are missing and could not be fetched. */
function headersMessage(file) {
  const again = typedCommand();
  return [
    `The SQLite module (better-sqlite3) must be compiled, but the headers of Node.js ${process.version} could not be downloaded: set npm_config_nodedir to a folder that holds include/node/node.h, such as an unpacked archive of this version from nodejs.org, then run \`${again}\` again (details: ${file}).`,
    `SQLite 模块(better-sqlite3)需要编译,但无法下载 Node.js ${process.version} 的头文件:请将 npm_config_nodedir 设为包含 include/node/node.h 的目录(例如 nodejs.org 的同版本压缩包),然后重新运行 \`${again}\`(详情见 ${file})。`,
  ].join('\n');
}

function registryMessage(file) {
  const again = typedCommand();
  return [
    `The npm registry could not be reached: check the network and npm's proxy and registry settings (\`npm config get registry\`), then run \`${again}\` again (details: ${file}).`,
    `无法访问 npm 仓库:请检查网络以及 npm 的代理和仓库设置(\`npm config get registry\`),然后重新运行 \`${again}\`(详情见 ${file})。`,
  ].join('\n');
}

function otherMessage(file) {
  return [
    `npm ci failed; the end of its output (all of it: ${file}):`,
    `npm ci 失败,以下是输出的末尾(完整内容见 ${file}):`,
    tail(file),
  ].join('\n');
}

/**
 * The order matters: a failed compilation's log also tells of the download that failed before it,
 * so the network is blamed only when no install script did.
 */
export function explainInstallFailure(file) {
  const log = readLog(file);
  const npmErrors = linesWith(log, 'npm error').join('\n');
  if (/npm error path .*better-sqlite3/.test(npmErrors)) {
    const gyp = linesWith(log, 'gyp ERR!').join('\n');
    return NETWORK.test(gyp) ? headersMessage(file) : nativeMessage(file);
  }
  return NETWORK.test(npmErrors) ? registryMessage(file) : otherMessage(file);
}
