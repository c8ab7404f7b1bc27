import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import type { User } from '../../store/users.ts';
import type { CallName, Checked, Output } from '../contract.ts';

/** Who calls, and the request behind it for the few handlers that set cookies. `user` is set for every call that is not open. */
export interface Caller {
	readonly user: User;
	readonly request: FastifyRequest;
	readonly reply: FastifyReply;
}

/** Handlers of some calls of the contract; all files together have each call exactly once (checked by the compiler in calls.ts). */
export type Handlers<Names extends CallName> = {
	readonly [Name in Names]: (input: Checked<Name>, caller: Caller) => Output<Name> | Promise<Output<Name>>;
};

export type NamesOf<Noun extends string> = Extract<CallName, `${Noun}.${string}`>;

/** Throws Refusal `not-allowed` for everybody else. */
export function administrator(user: User): void {
	if (!user.isAdmin) throw new Refusal('not-allowed', 'Only administrators may do this.');
}
