/**
 * The app API in one literal: every call that the window, a colleague's browser, the lab and `metaldesk` make beyond MAAS's own API.
 * A query is `GET /MAAS/app/<name>?field=value…`, a command is `POST /MAAS/app/<name>` with a JSON body; both answer JSON.
 * Server routes, the renderer's typed client and the tests are all derived from here. The shapes that come back are in `views.ts`.
 * Errors: status 400 | 401 | 403 | 404 | 409 | 503 with `{ code, field?, text, nextStep? }` (`ApiFailure`).
 */
import { z } from 'zod';
import type {
	BootAssetsView,
	EventView,
	ExplanationView,
	ImageView,
	InterfaceView,
	MachineDetail,
	MachineView,
	PowerTypeView,
	ProbeView,
	ScriptView,
	ServiceView,
	SessionView,
	SettingsView,
	SshKeyView,
	TimelineView,
} from './views.ts';

const none = z.object({});
const machine = z.object({ systemId: z.string().min(1).max(12) });
const interfaceName = z.string().regex(/^[A-Za-z0-9_.:-]{1,15}$/, 'an interface name has 1 to 15 letters, digits, or _ . : -');
const address = z.string().max(15);
const keyAddress = z
	.url({ protocol: /^https?$/ })
	.max(500)
	.refine((url) => url.includes('{user}'), 'the address has {user} where the name goes');

/** The actions of `machine.act`; which of them a machine allows now is in its `actions`. */
export const machineActions = [
	'commission',
	'test',
	'override_failed_testing',
	'abort',
	'allocate',
	'deploy',
	'release',
	'power_on',
	'power_off',
	'check_power',
	'mark_broken',
	'mark_fixed',
	'rescue_mode',
	'exit_rescue_mode',
	'lock',
	'unlock',
	'delete',
] as const;

export const contract = {
	// who is there
	'session.get': query<SessionView>()(none),
	'session.login': command<SessionView>()(
		z.object({ username: z.string().min(1).max(150), password: z.string().min(1).max(1024) }),
	),
	'session.logout': command<null>()(none),
	/** Only while no user exists: makes the first administrator and signs in. */
	'setup.createAdmin': command<SessionView>()(
		z.object({
			username: z.string().regex(/^[\w.@+-]{1,150}$/, 'up to 150 letters, digits, and @ . + - _'),
			password: z.string().min(8, 'at least 8 characters').max(1024),
		}),
	),
	/** An API key of the signed-in user, as `consumer:token:secret`; shown once. */
	'apiKeys.create': command<{ key: string }>()(z.object({ name: z.string().max(200).default('MAAS consumer') })),

	// machines
	'machines.list': query<MachineView[]>()(none),
	/** How many machines some constraints leave, for a form that counts live. The fields are those of MAAS’s `allocate`: `mem=64G&zone=rack2`. */
	'machines.explain': query<ExplanationView>()(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
	'machine.get': query<MachineDetail>()(machine),
	'machine.timeline': query<TimelineView>()(machine),
	'machine.events': query<EventView[]>()(
		machine.extend({ before: z.coerce.number().int().optional(), limit: z.coerce.number().int().min(1).max(1000).default(200) }),
	),
	'machine.act': command<MachineView | null>()(
		machine.extend({
			action: z.enum(machineActions),
			/** deploy */
			imageId: z.number().int().optional(),
			userData: z
				.string()
				.max(1 << 20)
				.optional(),
			/** release: what to erase before the machine is Ready again */
			erase: z.enum(['none', 'quick', 'full']).optional(),
			/** power_off: ask the operating system first */
			soft: z.boolean().optional(),
			comment: z.string().max(1000).optional(),
			/** allocate, a reservation: what for, and until which day (2026-12-31) or moment */
			note: z.string().max(1000).optional(),
			until: z.string().max(40).optional(),
		}),
	),
	'machine.rename': command<MachineView>()(machine.extend({ hostname: z.string().min(1).max(63) })),
	'machine.setPower': command<MachineView>()(
		machine.extend({
			driver: z.string().max(40),
			parameters: z.record(z.string().max(60), z.union([z.string().max(500), z.array(z.string().max(60))])),
		}),
	),
	'power.types': query<PowerTypeView[]>()(none),

	// scripts and what they printed
	'scripts.list': query<ScriptView[]>()(none),
	'scripts.add': command<ScriptView>()(
		z.object({
			name: z.string().regex(/^[\w.-]{1,255}$/),
			content: z
				.string()
				.min(1)
				.max(1 << 20),
		}),
	),
	'scripts.delete': command<null>()(z.object({ name: z.string() })),
	'scriptResult.output': query<{ output: string; truncated: boolean }>()(z.object({ id: z.coerce.number().int() })),

	// the network that this controller may answer on
	'network.interfaces': query<InterfaceView[]>()(none),
	'network.probe': command<ProbeView>()(z.object({ name: interfaceName })),
	'network.setMode': command<InterfaceView>()(
		z.object({
			name: interfaceName,
			mode: z.enum(['off', 'full']),
			/** first and last address to hand out; default: the upper half of the interface's own network */
			pool: z.object({ start: address, end: address }).optional(),
		}),
	),
	'services.get': query<ServiceView[]>()(none),
	/** Closes every machine-facing socket and sets every interface to off. */
	'services.stopServing': command<InterfaceView[]>()(none),

	// what machines boot and get installed
	'bootAssets.get': query<BootAssetsView>()(none),
	'bootAssets.build': command<BootAssetsView>()(none),
	/** Upload: `PUT /MAAS/app/images.upload?name=…&filename=…[&sha256=…]` with the file as the body; answers ImageView. */
	'images.list': query<ImageView[]>()(none),
	'images.delete': command<null>()(z.object({ id: z.number().int() })),

	// access
	'sshKeys.list': query<SshKeyView[]>()(none),
	'sshKeys.add': command<SshKeyView>()(z.object({ key: z.string().min(1).max(16384) })),
	'sshKeys.delete': command<null>()(z.object({ id: z.number().int() })),

	'settings.get': query<SettingsView>()(none),
	'settings.set': command<SettingsView>()(
		z.object({
			configureBmcs: z.boolean().optional(),
			uefiLoader: z.enum(['signed', 'ipxe']).optional(),
			commissionOnEnlist: z.boolean().optional(),
			sshImport: z.object({ launchpad: keyAddress, github: keyAddress }).optional(),
		}),
	),
} as const;

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type QueryName = { [N in CallName]: Contract[N]['kind'] extends 'query' ? N : never }[CallName];
export type CommandName = Exclude<CallName, QueryName>;
/** What a caller passes (before defaults are filled in). */
export type Input<N extends CallName> = z.input<Contract[N]['input']>;
/** What a handler receives. */
export type Checked<N extends CallName> = z.output<Contract[N]['input']>;
export type Output<N extends CallName> =
	NonNullable<Contract[N]['output']> extends never ? null : Exclude<Contract[N]['output'], undefined>;

/** The calls that work without a session. */
export const openCalls: readonly CallName[] = ['session.get', 'session.login', 'setup.createAdmin'];

function query<Out>() {
	return <S extends z.ZodType>(input: S) => ({ kind: 'query' as const, input, output: undefined as Out | undefined });
}
function command<Out>() {
	return <S extends z.ZodType>(input: S) => ({ kind: 'command' as const, input, output: undefined as Out | undefined });
}
