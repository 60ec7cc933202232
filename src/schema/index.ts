import { builder } from './builder.ts';
import './scalars.ts';
import './user.ts';
import './user-queries.ts';
import './session.ts';
import './traffic.ts';
import './dashboard.ts';
import './interface.ts';
import './status.ts';
import './event.ts';
import './presence.ts';
import './live-traffic.ts';
import './user-commands.ts';
import './provision.ts';
import './import.ts';
import './token.ts';
import './node-query.ts';

export const schema = builder.toSchema();
