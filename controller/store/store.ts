import { type BmcStore, createBmcStore } from './bmcs.ts';
import { type BootStore, createBootStore } from './boots.ts';
import { type CandidateStore, createCandidateStore } from './candidates.ts';
import { type ConfigStore, createConfigStore } from './config.ts';
import { type Database, openDatabase } from './database.ts';
import { createEventPages, type EventPages } from './eventPages.ts';
import { createEventStore, type EventStore } from './events.ts';
import { createImageStore, type ImageStore } from './images.ts';
import { createInterfaceModeStore, type InterfaceModeStore } from './interfaceModes.ts';
import { createInventoryStore, type InventoryStore } from './inventory.ts';
import { createLeaseStore, type LeaseStore } from './leases.ts';
import { type BootResourceStore, createBootResourceStore } from './library/bootResources.ts';
import { type BootSourceStore, createBootSourceStore } from './library/bootSources.ts';
import { createStoredFileStore, type StoredFileStore } from './library/storedFiles.ts';
import { createLicenseKeyStore, type LicenseKeyStore } from './licenseKeys.ts';
import { createMachineStore, type MachineStore } from './machines.ts';
import { createMetadataKeyStore, type MetadataKeyStore } from './metadataKeys.ts';
import { createDhcpSnippetStore, type DhcpSnippetStore } from './names/dhcpSnippets.ts';
import { createDiscoveryStore, type DiscoveryStore } from './names/discoveries.ts';
import { createDnsResourceStore, type DnsResourceStore } from './names/dnsResources.ts';
import { createDomainStore, type DomainStore } from './names/domains.ts';
import { createHardwareReports, type HardwareReports } from './names/hardwareReports.ts';
import { createNodeAddressStore, type NodeAddressStore } from './names/nodeAddresses.ts';
import { createNetworkStore, type NetworkStore } from './network/network.ts';
import { createNodeDeviceStore, type NodeDeviceStore } from './nodeDevices.ts';
import { createNodeStore, type NodeStore } from './nodes.ts';
import { createNotificationStore, type NotificationStore } from './notifications.ts';
import { createPackageRepositoryStore, type PackageRepositoryStore } from './packageRepositories.ts';
import { createPoolStore, createZoneStore, type PlaceStore } from './places.ts';
import { createReservationStore, type ReservationStore } from './reservations.ts';
import { createResultStore, type ResultStore } from './results.ts';
import { createScriptStore, type ScriptStore } from './scripts.ts';
import { createSecrets, readKeyFile } from './secrets.ts';
import { createSettingStore, type SettingStore } from './settings.ts';
import { createStorageStore, type StorageStore } from './storage/storage.ts';
import { createTagStore, type TagStore } from './tags.ts';
import { createUserStore, type UserStore } from './users.ts';

/** Everything that outlives the process, by noun. */
export interface Store {
	readonly machines: MachineStore;
	readonly inventory: InventoryStore;
	readonly storage: StorageStore;
	readonly boots: BootStore;
	readonly results: ResultStore;
	readonly scripts: ScriptStore;
	readonly events: EventStore;
	readonly eventPages: EventPages;
	readonly bmcs: BmcStore;
	readonly leases: LeaseStore;
	readonly interfaceModes: InterfaceModeStore;
	readonly images: ImageStore;
	readonly bootResources: BootResourceStore;
	readonly bootSources: BootSourceStore;
	readonly storedFiles: StoredFileStore;
	readonly candidates: CandidateStore;
	readonly reservations: ReservationStore;
	readonly nodeDevices: NodeDeviceStore;
	readonly nodes: NodeStore;
	readonly network: NetworkStore;
	readonly zones: PlaceStore;
	readonly pools: PlaceStore;
	readonly tags: TagStore;
	readonly domains: DomainStore;
	readonly dnsResources: DnsResourceStore;
	readonly dhcpSnippets: DhcpSnippetStore;
	readonly discoveries: DiscoveryStore;
	readonly nodeAddresses: NodeAddressStore;
	readonly hardwareReports: HardwareReports;
	readonly users: UserStore;
	readonly metadataKeys: MetadataKeyStore;
	readonly settings: SettingStore;
	readonly config: ConfigStore;
	readonly notifications: NotificationStore;
	readonly packageRepositories: PackageRepositoryStore;
	readonly licenseKeys: LicenseKeyStore;
	transaction: Database['transaction'];
	afterCommit: Database['afterCommit'];
	version: Database['version'];
	statements: Database['statements'];
	close(): void;
}

export interface StorePlaces {
	readonly database: string;
	readonly keyFile: string;
	readonly images: string;
	readonly outputs: string;
}

/** Opens the database and the folders beside it; `now` is the clock that every row's time comes from. */
export function openStore(places: StorePlaces, now: () => Date = () => new Date()): Store {
	const secrets = createSecrets(readKeyFile(places.keyFile));
	const db = openDatabase(places.database);
	const images = createImageStore(db, places.images, now);
	return {
		machines: createMachineStore(db),
		inventory: createInventoryStore(db),
		storage: createStorageStore(db),
		boots: createBootStore(db),
		results: createResultStore(db, places.outputs),
		scripts: createScriptStore(db),
		events: createEventStore(db, now),
		eventPages: createEventPages(db),
		bmcs: createBmcStore(db, secrets),
		leases: createLeaseStore(db, now),
		interfaceModes: createInterfaceModeStore(db),
		images,
		bootResources: createBootResourceStore(db, places.images, images, now),
		bootSources: createBootSourceStore(db, now),
		storedFiles: createStoredFileStore(db),
		candidates: createCandidateStore(db),
		reservations: createReservationStore(db),
		nodeDevices: createNodeDeviceStore(db),
		nodes: createNodeStore(db),
		network: createNetworkStore(db, now),
		zones: createZoneStore(db),
		pools: createPoolStore(db),
		tags: createTagStore(db),
		domains: createDomainStore(db),
		dnsResources: createDnsResourceStore(db),
		dhcpSnippets: createDhcpSnippetStore(db, now),
		discoveries: createDiscoveryStore(db, now),
		nodeAddresses: createNodeAddressStore(db, now),
		hardwareReports: createHardwareReports(db),
		users: createUserStore(db, now),
		metadataKeys: createMetadataKeyStore(db, secrets),
		settings: createSettingStore(db),
		config: createConfigStore(db, secrets),
		notifications: createNotificationStore(db, now),
		packageRepositories: createPackageRepositoryStore(db),
		licenseKeys: createLicenseKeyStore(db),
		transaction: db.transaction,
		afterCommit: db.afterCommit,
		version: db.version,
		statements: db.statements,
		close: db.close,
	};
}
