import type { Calendar } from '../../domain/time/calendar.ts';
import type { Api } from '../api/api.ts';
import type { Answer } from '../shell.ts';
import { findUser } from './find.ts';
import { linesOfUsers } from './show.ts';
import { type ShownUser, USER_FIELDS } from './user.ts';

const UPDATE = `mutation ($id: ID!, $input: UpdateUserInput!) {
  updateUser(id: $id, input: $input) { user { ${USER_FIELDS} } }
}`;

const DELETE = 'mutation ($id: ID!) { deleteUser(id: $id) { deletedId } }';

/** Changes the user, and shows it as it is then. */
export async function changeUser(
  api: Api,
  who: string,
  input: object,
  calendar: Calendar,
): Promise<Answer> {
  const { id } = await findUser(api, who);
  const { updateUser } = await api.ask<{ updateUser: { user: ShownUser } }>(UPDATE, { id, input });
  return { json: updateUser.user, lines: linesOfUsers([updateUser.user], calendar) };
}

export async function deleteUser(api: Api, who: string): Promise<Answer> {
  const { id, nickname } = await findUser(api, who);
  await api.ask(DELETE, { id });
  const name = JSON.stringify(nickname);
  return {
    json: { deletedId: id },
    note: { en: `Deleted the user ${name} (${id}).`, zh: `已删除用户 ${name}（${id}）。` },
  };
}
