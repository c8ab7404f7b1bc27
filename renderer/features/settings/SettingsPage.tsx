import { useState } from 'react';
import { command } from '../../api/client.ts';
import { useQuery } from '../../api/useQuery.ts';
import type { SettingsView } from '../../api/views.ts';
import { Choices, type Option, Switch } from '../../components/Choice.tsx';
import { Page } from '../../components/Page.tsx';
import { Problem } from '../../components/Problem.tsx';
import { attempt } from '../../components/Toasts.tsx';
import { ApiKey } from './ApiKey.tsx';
import { BootAssets } from './BootAssets.tsx';
import './settings.css';

const loaders: readonly Option<'signed' | 'ipxe'>[] = [
	{
		value: 'signed',
		label: 'Debian’s signed shim and GRUB',
		detail: 'Boots with Secure Boot on and off. Kernels are fetched by TFTP, which is slower.',
	},
	{
		value: 'ipxe',
		label: 'iPXE',
		detail: 'Faster, fetches everything by HTTP. Machines with Secure Boot on refuse it.',
	},
];

export function SettingsPage() {
	const { data, problem, again } = useQuery('settings.get', {});
	const [pending, setPending] = useState<Partial<SettingsView>>({});
	const settings: SettingsView | null = data && { ...data, ...pending };
	const set = async (change: Partial<SettingsView>) => {
		setPending((old) => ({ ...old, ...change }));
		await attempt(() => command('settings.set', change));
		again();
		setPending({});
	};
	return (
		<Page title="Settings">
			{problem !== null && <Problem thrown={problem} />}
			{settings && (
				<section className="panel setting-list">
					<Switch on={settings.commissionOnEnlist} onChange={(on) => void set({ commissionOnEnlist: on })}>
						<strong>Commission machines as soon as they enlist</strong>
						<small>
							A machine that boots for the first time takes its inventory and tests itself at once. Off: it waits as New until
							somebody commissions it.
						</small>
					</Switch>
					<Switch on={settings.configureBmcs} onChange={(on) => void set({ configureBmcs: on })}>
						<strong>May create a user of its own on BMCs</strong>
						<small>
							While enlisting, a machine’s BMC gets an administrator named maas, with a long random password, so that its power
							can be controlled. Off: you enter address and password of each BMC yourself.
						</small>
					</Switch>
					<Choices<SettingsView['uefiLoader']>
						label="What UEFI machines boot first"
						value={settings.uefiLoader}
						options={loaders}
						onChange={(uefiLoader) => void set({ uefiLoader })}
					/>
				</section>
			)}
			<section>
				<div className="section-title">
					<h2>Boot assets</h2>
					<span className="muted">The small system that machines boot to enlist, commission, deploy and erase.</span>
				</div>
				<BootAssets />
			</section>
			<ApiKey />
		</Page>
	);
}
