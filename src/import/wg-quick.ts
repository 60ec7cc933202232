import type { Text } from '../domain/errors.ts';
import { isRepeatable } from '../domain/secret-like.ts';
import { type ImportBuilder, type Imported, newImport } from './imported.ts';
import { linesOf } from './text-file.ts';
import { LEFT } from './texts.ts';
import {
  commentBefore,
  commentInside,
  hasPrivateKey,
  isBlockEnd,
  type PeerComments,
} from './wg-quick-comments.ts';

/** PiVPN comments out each line of a peer that it disables. */
const DISABLED = /^#\[disabled\]\s?/;

/** So many names of settings are reported as left out. */
const MAX_NAMES = 10;

interface Section {
  readonly kind: 'peer' | 'other';
  readonly isDisabled: boolean;
  readonly settings: Map<string, string>;
  readonly allowedIps: string[];
  comments: PeerComments;
}

/**
 * Parses a configuration for wg-quick(8) or wg(8). `interfaceName` is the name of the file without `.conf`.
 * Names are only in comments, which each tool writes in its own form.
 */
export function readWgQuick(file: string, interfaceName: string | null): Imported {
  const parser = newParser(interfaceName);
  for (const line of linesOf(file)) parser.addLine(line);
  return parser.end();
}

export function isWgQuick(file: string): boolean {
  return linesOf(file).some((line) => {
    const header = sectionIn(withoutComment(line.replace(DISABLED, '').trim()));
    return header === 'interface' || header === 'peer';
  });
}

/** Whether the file is a client's own: it connects to one peer, and listens on no port. */
export function isClientFile(file: string): boolean {
  const lines = linesOf(file).map((line) => withoutComment(line.trim()));
  const peers = lines.filter((line) => sectionIn(line) === 'peer').length;
  const has = (setting: RegExp) => lines.some((line) => setting.test(line));
  return (
    peers === 1 && has(/^endpoint\s*=/i) && has(/^privatekey\s*=/i) && !has(/^listenport\s*=/i)
  );
}

function newParser(interfaceName: string | null) {
  const builder = newImport();
  const unknownNames = new Set<string>();
  let section: Section | null = null;
  /** What comments said about the peer whose section follows. */
  let announced: PeerComments = {};

  const endSection = () => {
    if (section?.kind === 'peer') addPeer(builder, section, interfaceName);
    section = null;
  };
  const startSection = (kind: Section['kind'], isDisabled: boolean) => {
    endSection();
    const comments = kind === 'peer' ? announced : {};
    announced = {};
    section = { kind, isDisabled, settings: new Map(), allowedIps: [], comments };
  };
  const addComment = (comment: string) => {
    if (hasPrivateKey(comment)) builder.leave(LEFT.privateKeys);
    if (isBlockEnd(comment)) announced = {};
    const peer = section?.kind === 'peer' ? section : null;
    const said = saidOf(comment, peer);
    // Several comments of one tool repeat the name; the first is as good as the others.
    if (peer !== null) peer.comments = { ...said.peer, ...peer.comments };
    announced = { ...announced, ...said.next };
  };
  const addSetting = (text: string) => {
    const nameEnd = Math.max(text.indexOf('='), 0);
    const name = text.slice(0, nameEnd).trim();
    if (section?.kind !== 'peer') leaveInterfaceSetting(builder, name);
    else if (!setIn(section, name.toLowerCase(), text.slice(nameEnd + 1).trim())) {
      unknownNames.add(name);
    }
  };

  return {
    addLine: (written: string) => {
      const line = written.replace(DISABLED, '').trim();
      if (line.startsWith('#')) return addComment(line);
      const text = withoutComment(line);
      const header = sectionIn(text);
      if (header !== null) {
        startSection(header === 'peer' ? 'peer' : 'other', DISABLED.test(written));
      } else if (text !== '') addSetting(text);
    },
    end: () => {
      endSection();
      if (unknownNames.size > 0) builder.leave(unknownSettings([...unknownNames]));
      return builder.end();
    },
  };
}

function withoutComment(line: string): string {
  const start = line.indexOf('#');
  return start < 0 ? line : line.slice(0, start).trim();
}

/** The name of the section in lower case; null if the line does not begin one. */
function sectionIn(text: string): string | null {
  if (!text.startsWith('[') || !text.endsWith(']')) return null;
  return text.slice(1, -1).trim().toLowerCase();
}

/** What a comment says about the peer of its section, and about the peer that follows. */
function saidOf(
  comment: string,
  peer: Section | null,
): { readonly peer?: PeerComments; readonly next?: PeerComments } {
  const inside = commentInside(comment);
  if (inside !== null) return { peer: inside };
  const before = commentBefore(comment);
  if (before === null) return {};
  return peer?.settings.size === 0 ? { peer: before } : { next: before };
}

function addPeer(builder: ImportBuilder, peer: Section, interfaceName: string | null): void {
  const { settings, comments } = peer;
  if (settings.has('endpoint')) builder.leave(LEFT.endpoints);
  builder.add({
    publicKey: settings.get('publickey'),
    interface: interfaceName,
    nickname: comments.nickname,
    mail: comments.mail,
    enabled: !peer.isDisabled,
    allowedIps: peer.allowedIps,
    keepalive: settings.get('persistentkeepalive'),
    presharedKey: settings.get('presharedkey'),
  });
}

const PEER_SETTINGS = ['publickey', 'presharedkey', 'endpoint', 'persistentkeepalive'];

/** false if wg(8) has no such setting. */
function setIn(peer: Section, name: string, value: string): boolean {
  if (name === 'allowedips') {
    // A loop, because a list may have more items than a call may have arguments.
    for (const prefix of value.split(',')) peer.allowedIps.push(prefix);
  } else if (!PEER_SETTINGS.includes(name)) return false;
  peer.settings.set(name, value);
  return true;
}

function leaveInterfaceSetting(builder: ImportBuilder, name: string): void {
  builder.leave(name.toLowerCase() === 'privatekey' ? LEFT.privateKeys : LEFT.interfaceSettings);
}

function unknownSettings(names: readonly string[]): Text {
  // A line that is not a setting may be a secret.
  const shown = names.filter(isRepeatable).slice(0, MAX_NAMES);
  const list = shown.length === 0 ? '' : `: ${shown.join(', ')}`;
  const more = shown.length < names.length ? ', …' : '';
  const suffix = list === '' ? '' : `${list}${more}`;
  return {
    en: `Lines of peers that are not settings of wg(8) are not taken over${suffix}.`,
    zh: `对等节点中不属于 wg(8) 设置的行未导入${suffix.replace(': ', '：')}。`,
  };
}
