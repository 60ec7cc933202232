import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { AppError, type Text } from '../domain/errors.ts';

/** The paths of the PEM files. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Reads and checks the files; called again whenever they may have changed. */
export async function readTlsFiles({ certFile, keyFile }: TlsFiles): Promise<SecureContextOptions> {
  const cert = await read('WGQL_TLS_CERT', certFile);
  const key = await read('WGQL_TLS_KEY', keyFile);
  const certificate = certificateOf(cert, certFile);
  if (!certificate.checkPrivateKey(privateKeyOf(key, keyFile))) {
    throw unusable({
      en: `The key in ${keyFile} does not match the certificate in ${certFile}; set WGQL_TLS_KEY to the private key of this certificate.`,
      zh: `${keyFile} 中的私钥与 ${certFile} 中的证书不匹配；请将 WGQL_TLS_KEY 设为该证书的私钥。`,
    });
  }
  const options: SecureContextOptions = { cert, key, minVersion: 'TLSv1.2' };
  try {
    createSecureContext(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable({
      en: `TLS cannot be used with ${certFile} and ${keyFile} (${code}); use a stronger key, or fix the certificate chain.`,
      zh: `无法使用 ${certFile} 和 ${keyFile} 启用 TLS（${code}）；请使用更强的密钥或修复证书链。`,
    });
  }
  return options;
}

/**
 * Opening a pipe without a writer would otherwise block a thread forever and prevent the process from
 * exiting.
 */
const NON_BLOCKING = constants.O_RDONLY | constants.O_NONBLOCK;

async function read(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, { encoding: 'utf8', flag: NON_BLOCKING });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable({
      en: `The file ${path} set by ${name} cannot be read (${code}); check the path and its permissions.`,
      zh: `${name} 设置的文件 ${path} 无法读取（${code}）；请检查路径和读取权限。`,
    });
  }
}

function certificateOf(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw unusable({
      en: `${path} contains no certificate in PEM format; set WGQL_TLS_CERT to the file with the certificate and its chain.`,
      zh: `${path} 中没有 PEM 格式的证书；请将 WGQL_TLS_CERT 设为包含证书及证书链的文件。`,
    });
  }
}

function privateKeyOf(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw unusable({
      en: `${path} contains no private key in PEM format, or one with a passphrase; set WGQL_TLS_KEY to a file with an unencrypted private key.`,
      zh: `${path} 中没有 PEM 格式的私钥，或私钥带有口令；请将 WGQL_TLS_KEY 设为不带口令的私钥文件。`,
    });
  }
}

function unusable(text: Text): AppError {
  return new AppError('UNAVAILABLE', text);
}
