import { FirstRun } from '../features/firstRun/FirstRun.tsx';
import { InterfaceList } from '../features/network/InterfaceList.tsx';
import { BootAssets } from '../features/settings/BootAssets.tsx';
import '../features/settings/settings.css';
import { Mark } from './Mark.tsx';

/** The first run borrows its middle steps from the pages where the same things are changed later. */
export function Welcome() {
	return <FirstRun mark={<Mark size={26} />} network={<InterfaceList />} bootAssets={<BootAssets />} />;
}
