/** What the comments of a configuration say about a peer. */
export interface PeerComments {
  readonly nickname?: string;
  readonly mail?: string;
}

/**
 * Comments after which the next peer is not the one that was named before: the end of a block, and the header of
 * a peer that was commented out.
 */
const BLOCK_ENDS = [/^#+\s*end\s.*###$/, /^#\s*END_PEER(?:\s|$)/, /^#+\s*\[peer\]/i];

/** Comments in the section of a peer: MindFlavor's exporter, WGDashboard, and wg-portal. */
const INSIDE = [
  /^#\s*friendly_name\s*=(?<nickname>.*)$/,
  /^#\s*friendly_json\s*=(?<json>.*)$/,
  /^#Name#\s*=(?<nickname>.*)$/,
  /^#\s*-WGP-\s*Display name:(?<nickname>.*)$/,
];

/** Comments before a peer: wg-easy, PiVPN, Nyr and hwdsl2, angristan, and wireguard-ui. */
const BEFORE = [
  /^#\s*Client:(?<nickname>.*?)(?:\s\([^()]*\))?$/,
  /^#+\s*begin\s(?<nickname>.*?)\s*###$/,
  /^#\s*BEGIN_PEER\s(?<nickname>.*)$/,
  /^###\s*Client\s(?<nickname>.*)$/,
  /^#\s*Name:(?<nickname>.*)$/,
  /^#\s*Email:(?<mail>.*)$/,
];

/** A longer comment is not one of these. */
const MAX_LENGTH = 2_000;

/** wg-portal keeps the private keys of the clients in comments. */
export function hasPrivateKey(comment: string): boolean {
  return /PrivateKey\s?[:=]/i.test(comment);
}

export function isBlockEnd(comment: string): boolean {
  return comment.length <= MAX_LENGTH && BLOCK_ENDS.some((pattern) => pattern.test(comment));
}

/** What a comment in the section of a peer says about it; null if it is not known. */
export function commentInside(comment: string): PeerComments | null {
  const groups = groupsOf(INSIDE, comment);
  if (groups === null) return null;
  return groups.json === undefined ? saidIn(groups) : jsonComments(groups.json);
}

/** What a comment before a peer says about it; null if it is not known. */
export function commentBefore(comment: string): PeerComments | null {
  const groups = groupsOf(BEFORE, comment);
  return groups === null ? null : saidIn(groups);
}

type Groups = Readonly<Record<string, string | undefined>>;

function groupsOf(patterns: readonly RegExp[], comment: string): Groups | null {
  if (comment.length > MAX_LENGTH) return null;
  for (const pattern of patterns) {
    const groups = pattern.exec(comment)?.groups;
    if (groups !== undefined) return groups;
  }
  return null;
}

function saidIn({ nickname, mail }: Groups): PeerComments {
  const given = { nickname: nickname?.trim() ?? '', mail: mail?.trim() ?? '' };
  return {
    ...(given.nickname !== '' && { nickname: given.nickname }),
    ...(given.mail !== '' && { mail: given.mail }),
  };
}

/** The members that people use for a name and a mail address; the format defines none. */
function jsonComments(json: string): PeerComments {
  const members = membersOf(json);
  const textIn = (...names: string[]) =>
    names.map((name) => members[name]).find((value) => typeof value === 'string');
  return saidIn({
    nickname: textIn('name', 'friendly_name', 'username', 'user_name'),
    mail: textIn('email', 'mail'),
  });
}

function membersOf(json: string): Groups {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Groups) : {};
  } catch {
    return {};
  }
}
