/** Each known failure as one sentence in English and in Chinese. */
const TEXTS = {
  readOnly: ({ code }) => [
    `This folder has to be set up, or its files have changed, and it cannot be written (${code}): run \`npm run setup\` where it can be written, then start again.`,
    `此目录需要设置（或其文件已更改），但无法写入（${code}）：请在可写的环境中运行 \`npm run setup\`，然后重新启动。`,
  ],
  interrupted: () => ['The set-up was interrupted.', '设置已中断。'],
  step: ({ log }) => [
    `The set-up failed: see the output above (all of it: ${log}).`,
    `设置失败：请查看上面的输出（完整内容见 ${log}）。`,
  ],
  registry: ({ log }) => [
    `The npm registry could not be reached: check the network and npm's proxy and registry settings (\`npm config get registry\`), then run the same command again (details: ${log}).`,
    `无法访问 npm 仓库：请检查网络以及 npm 的代理和仓库设置（\`npm config get registry\`），然后重新运行同一命令（详情见 ${log}）。`,
  ],
  compiler: ({ log }) => [
    `The SQLite module (better-sqlite3) could be neither downloaded nor compiled: install a C++ compiler, make and Python 3 (on Debian and Ubuntu \`apt-get install build-essential python3\`), then run the same command again (details: ${log}).`,
    `SQLite 模块（better-sqlite3）既无法下载也无法编译：请安装 C++ 编译器、make 和 Python 3（Debian/Ubuntu：\`apt-get install build-essential python3\`），然后重新运行同一命令（详情见 ${log}）。`,
  ],
  headers: ({ log }) => [
    `The SQLite module (better-sqlite3) must be compiled, but the headers of Node.js ${process.version} could not be downloaded: set npm_config_nodedir to a folder that holds include/node/node.h, such as an unpacked archive of this version from nodejs.org, then run the same command again (details: ${log}).`,
    `SQLite 模块（better-sqlite3）需要编译，但无法下载 Node.js ${process.version} 的头文件：请将 npm_config_nodedir 设为包含 include/node/node.h 的目录（例如 nodejs.org 的同版本压缩包），然后重新运行同一命令（详情见 ${log}）。`,
  ],
};

/** A known failure, shown without a stack. */
export class Failure extends Error {
  constructor(name, facts) {
    super(TEXTS[name](facts).join('\n'));
  }
}

/** On standard error: standard output belongs to the command that follows, as in `print-schema > file`. */
export function say(text) {
  process.stderr.write(`[setup] ${text}\n`);
}
