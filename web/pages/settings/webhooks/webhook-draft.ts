import type {
  CreateWebhookInput,
  EventType,
  WebhookDetailsFragment,
} from '../../../api/generated/pages/graphql.ts';
import { namesOf } from '../../../ui/words.ts';

export const JSON_TYPE = 'application/json';

/** A webhook as it is being edited. */
export interface WebhookDraft {
  readonly url: string;
  readonly description: string;
  /** null: all. */
  readonly types: readonly EventType[] | null;
  readonly userIds: readonly string[];
  readonly tags: string;
  /** null: the standard message. */
  readonly template: string | null;
  readonly contentType: string;
}

export const draftOf = (webhook: WebhookDetailsFragment | null): WebhookDraft => ({
  url: webhook?.url ?? '',
  description: webhook?.description ?? '',
  types: webhook?.types ?? null,
  userIds: webhook?.userIds ?? [],
  tags: webhook?.tags.join(', ') ?? '',
  template: webhook?.template ?? null,
  contentType: webhook?.contentType ?? JSON_TYPE,
});

export const inputOf = (draft: WebhookDraft): CreateWebhookInput => ({
  url: draft.url.trim(),
  description: draft.description.trim(),
  types: draft.types as EventType[] | null,
  userIds: [...draft.userIds],
  tags: namesOf(draft.tags),
  template: draft.template,
  contentType: draft.template === null ? null : draft.contentType.trim() || null,
});
