import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { AppError, type Text } from '../domain/errors.ts';

/** Where the PEM files lie. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a TLS server is given; read anew whenever the files may have changed. */
export async function readTlsFiles({ certFile, keyFile }: TlsFiles): Promise<SecureContextOptions> {
  const cert = await read('WGQL_TLS_CERT', certFile);
  const key = await read('WGQL_TLS_KEY', keyFile);
  const certificate = certificateOf(cert, certFile);
  if (!certificate.checkPrivateKey(privateKeyOf(key, keyFile))) {
    throw refused({
      en: `The key in ${keyFile} does not belong to the certificate in ${certFile}; set WGQL_TLS_KEY to the key it was made with.`,
      zh: `${keyFile} 中的私钥与 ${certFile} 中的证书不匹配；请将 WGQL_TLS_KEY 设为生成证书时使用的私钥。`,
    });
  }
  const options: SecureContextOptions = { cert, key, minVersion: 'TLSv1.2' };
  try {
    createSecureContext(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused({
      en: `TLS cannot be served with ${certFile} and ${keyFile} (${code}); make a stronger key, or mend the chain.`,
      zh: `无法使用 ${certFile} 和 ${keyFile} 提供 TLS 服务（${code}）；请使用更强的密钥或修复证书链。`,
    });
  }
  return options;
}

/** To open a pipe that nobody writes to would keep a thread for ever, and with it the end of the process. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

async function read(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, { encoding: 'utf8', flag: WITHOUT_WAITING });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused({
      en: `${name} names ${path}, which cannot be read (${code}); check the path and who may read it.`,
      zh: `${name} 指向的 ${path} 无法读取（${code}）；请检查路径和读取权限。`,
    });
  }
}

function certificateOf(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refused({
      en: `${path} holds no certificate in PEM form; set WGQL_TLS_CERT to the file of the certificate and its chain.`,
      zh: `${path} 中没有 PEM 格式的证书；请将 WGQL_TLS_CERT 设为证书及证书链的文件。`,
    });
  }
}

function privateKeyOf(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw refused({
      en: `${path} holds no private key in PEM form, or one with a passphrase; set WGQL_TLS_KEY to a file with the bare key.`,
      zh: `${path} 中没有 PEM 格式的私钥，或私钥带有口令；请将 WGQL_TLS_KEY 设为不带口令的私钥文件。`,
    });
  }
}

function refused(text: Text): AppError {
  return new AppError('UNAVAILABLE', text);
}
