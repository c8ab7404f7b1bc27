import type { Host } from '../domain/host.ts';
import type { AgentJob } from '../flows/agentJob.ts';
import type { AllocateMachine } from '../flows/allocateMachine.ts';
import type { BootAssets } from '../flows/bootAssets.ts';
import type { BootUploads } from '../flows/bootUploads.ts';
import type { CloudInit } from '../flows/cloudInit.ts';
import type { DeviceActions } from '../flows/deviceActions.ts';
import type { ImportSshKeys } from '../flows/importSshKeys.ts';
import type { JobScripts } from '../flows/jobScripts.ts';
import type { MachineActions } from '../flows/machineActions.ts';
import type { MachinePower } from '../flows/machinePower.ts';
import type { PerMachine } from '../flows/perMachine.ts';
import type { ServeInterface } from '../flows/serveInterface.ts';
import type { TakeSignal } from '../flows/signal.ts';
import type { TagRebuild } from '../flows/tagRebuild.ts';
import type { Log } from '../log.ts';
import type { PowerDriver } from '../power/driver.ts';
import type { Store } from '../store/store.ts';

/** What the API translates for: `controller/index.ts` builds it. */
export interface Parts {
	readonly store: Store;
	readonly actions: MachineActions;
	readonly devices: DeviceActions;
	/** the computer that this runs on */
	readonly host: Host;
	readonly allocation: AllocateMachine;
	readonly power: MachinePower;
	readonly perMachine: PerMachine;
	readonly powerDrivers: readonly PowerDriver[];
	readonly agentJob: AgentJob;
	readonly cloudInit: CloudInit;
	readonly takeSignal: TakeSignal;
	readonly jobScripts: JobScripts;
	readonly importSshKeys: ImportSshKeys;
	readonly tagRebuild: TagRebuild;
	readonly bootAssets: BootAssets;
	readonly bootUploads: BootUploads;
	readonly interfaces: ServeInterface;
	readonly imagesChanged: () => void;
	readonly onImagesChanged: (listener: () => void) => () => void;
	readonly version: string;
	readonly now: () => Date;
	readonly log: Log;
}
