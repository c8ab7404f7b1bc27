import type { Group } from '../resource.ts';
import { accountHandlers, accountResource } from './account.ts';
import { sshKeyHandlers, sshKeyResource, sshKeysResource } from './sshKeys.ts';
import { sslKeyHandlers, sslKeyResource, sslKeysResource } from './sslKeys.ts';
import { userHandlers, userResource, usersResource } from './users.ts';

export const peopleGroup: Group = {
	resources: [accountResource, usersResource, userResource, sshKeysResource, sshKeyResource, sslKeysResource, sslKeyResource],
	implement: (parts) => [...accountHandlers(parts), ...userHandlers(parts), ...sshKeyHandlers(parts), ...sslKeyHandlers(parts)],
};
