import { t } from './i18n.ts';

/** Those that act without a token. */
export const ACTORS = ['local', 'cli', 'wgql'] as const;

/** A token has its own name; the others are explained. */
export const actorName = (actor: string): string =>
  ACTORS.some((other) => other === actor)
    ? t(`audit.actor.${actor as (typeof ACTORS)[number]}`)
    : actor;
