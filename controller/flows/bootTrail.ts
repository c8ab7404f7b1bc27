import { randomBytes } from 'node:crypto';
import type { Mac } from '../domain/address.ts';
import { type BootStage, overdueAt, type Patience, stageIndex, stageTable, startsOver } from '../domain/bootStages.ts';
import type { Boot } from '../store/boots.ts';
import type { Store } from '../store/store.ts';

/**
 * Follows each machine through its boot: every stage is one event with its duration, in the boot that it belongs to.
 * A boot begins when a machine is powered on or its firmware asks for an address, and ends when its work is done, when a verdict is
 * reached (flows/bootWatch.ts) or when the machine starts over.
 */
export interface BootTrail {
	/** `stage` has been reached now. `ipxe`: the asker said that it is iPXE. Answers the boot it belongs to. */
	reached(mac: Mac, stage: BootStage, detail: { text?: string; ipxe?: boolean; data?: Record<string, unknown> }): Boot;
	/** A step inside the running boot that has its own duration: a script, a reply of cloud-init. */
	step(
		boot: Boot,
		step: { stage: string; text: string; ms: number | null; failed?: { cause: string; nextStep: string }; resultId?: number },
	): void;
	/** A step has begun and will end with `step` of the same stage. */
	stepBegins(boot: Boot, step: { stage: string; text: string; resultId?: number }): void;
	/** The boot goes on: its next sign of life is due later. */
	alive(boot: Boot): void;
	/** A boot of this machine begins with its power. */
	poweredOn(machine: { id: number; bootMac: Mac | null }, purpose: string, text: string): void;
	/** What this boot is for, now that it is known. */
	serves(boot: Boot, purpose: string): void;
	/** A new one-boot token, which its kernel will carry; the one before it stops working. */
	giveToken(boot: Boot): string;
	belongsTo(boot: Boot, nodeId: number): void;
	done(boot: Boot, text: string): void;
	failed(boot: Boot, verdict: { text: string; nextStep: string }): void;
}

export function createBootTrail(store: Store, now: () => Date, patience: Patience = {}): BootTrail {
	const due = (stage: BootStage) => overdueAt(stage, now(), patience);
	const nodeOf = (mac: Mac) => store.machines.byMac(mac)?.id ?? null;
	const elapsed = (since: string) => now().getTime() - Date.parse(since);

	const stageEvent = (boot: Boot, stage: string, text: string, ms: number | null, data: Record<string, unknown> | null = null) =>
		store.events.append({ kind: 'stage', nodeId: boot.nodeId, bootId: boot.id, stage, text, ms, data });

	const end = (boot: Boot, state: 'done' | 'failed', verdict: Boot['verdict']) => {
		store.boots.end(boot.id, state, now().toISOString(), verdict);
		if (boot.nodeId !== null) store.machines.touched(boot.nodeId);
	};

	const start = (mac: Mac, stage: BootStage, purpose: string) =>
		store.boots.start({ mac, nodeId: nodeOf(mac), purpose, stage, at: now().toISOString(), deadlineAt: due(stage) });

	/** The boot that this stage of this card continues. A card other than expected may answer after a power-on. */
	const running = (mac: Mac) => {
		const own = store.boots.running(mac);
		if (own) return own;
		const node = nodeOf(mac);
		return node === null ? undefined : store.boots.runningOf(node).find((boot) => boot.stage === 'power');
	};

	return {
		reached(mac, stage, { text, ipxe = false, data }) {
			return store.transaction(() => {
				let boot = running(mac);
				if (boot && startsOver(boot.stage, stage, ipxe)) {
					end(boot, 'done', null);
					boot = undefined;
				}
				const before = boot?.stageAt ?? now().toISOString();
				const repeated = boot?.stage === stage;
				// iPXE that firmware has loaded asks DHCP once more: the boot is no less far for it, and a verdict names what comes next
				const goesBack = boot && stageIndex(boot.stage) > stageIndex(stage) && (stage === 'dhcp' || stage === 'loader');
				const furthest = goesBack ? (boot?.stage as BootStage) : stage;
				boot ??= start(mac, stage, 'unknown');
				if (!repeated) stageEvent(boot, stage, text ?? stageTable[stage].done, elapsed(before), data ?? null);
				store.boots.update(boot.id, {
					stage: furthest,
					...(repeated || goesBack ? {} : { stageAt: now().toISOString() }),
					deadlineAt: due(furthest),
				});
				if (boot.nodeId !== null) store.machines.touched(boot.nodeId);
				return store.boots.byId(boot.id) as Boot;
			});
		},
		step(boot, { stage, text, ms, failed, resultId }) {
			store.events.append({
				kind: 'stage',
				nodeId: boot.nodeId,
				bootId: boot.id,
				stage,
				text,
				ms,
				level: failed ? 'error' : 'info',
				cause: failed?.cause ?? null,
				nextStep: failed?.nextStep ?? null,
				data: resultId === undefined ? null : { resultId },
			});
			if (boot.nodeId !== null) store.machines.touched(boot.nodeId);
		},
		stepBegins(boot, { stage, text, resultId }) {
			store.events.append({
				kind: 'stage-start',
				nodeId: boot.nodeId,
				bootId: boot.id,
				stage,
				text,
				data: resultId === undefined ? null : { resultId },
			});
			if (boot.nodeId !== null) store.machines.touched(boot.nodeId);
		},
		alive(boot) {
			store.boots.update(boot.id, { deadlineAt: due(boot.stage as BootStage) });
		},
		poweredOn(machine, purpose, text) {
			if (machine.bootMac === null) return;
			const mac = machine.bootMac;
			store.transaction(() => {
				for (const boot of store.boots.runningOf(machine.id)) end(boot, 'done', null);
				const boot = start(mac, 'power', purpose);
				store.boots.update(boot.id, { nodeId: machine.id });
				stageEvent({ ...boot, nodeId: machine.id }, 'power', text, null);
			});
		},
		serves: (boot, purpose) => store.boots.update(boot.id, { purpose }),
		giveToken(boot) {
			const token = randomBytes(24).toString('base64url');
			store.boots.update(boot.id, { token });
			return token;
		},
		belongsTo(boot, nodeId) {
			// what was expected of the machine has come, through a card that nobody knew
			for (const other of store.boots.runningOf(nodeId)) if (other.id !== boot.id) end(other, 'done', null);
			store.boots.update(boot.id, { nodeId });
			store.events.adopt(boot.id, nodeId);
		},
		done(boot, text) {
			store.transaction(() => {
				stageEvent(boot, 'done', text, elapsed(boot.startedAt));
				end(boot, 'done', null);
			});
		},
		failed(boot, verdict) {
			store.transaction(() => {
				store.events.append({
					kind: 'verdict',
					nodeId: boot.nodeId,
					bootId: boot.id,
					stage: boot.stage,
					level: 'error',
					text: verdict.text,
					ms: elapsed(boot.stageAt),
					cause: verdict.text,
					nextStep: verdict.nextStep,
				});
				end(boot, 'failed', verdict);
			});
		},
	};
}
