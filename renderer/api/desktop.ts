import { create } from 'zustand';
import type { ControllerState, Desktop } from '../../main/ipc/contract.ts';

/** What the window offers to its page; a browser has none of it. */
export const desktop: Desktop | undefined = globalThis.window?.desktop;

/** What the window's supervisor says of the controller: known even when the controller itself says nothing. Null in a browser. */
export const useController = create<{ controller: ControllerState | null }>()(() => ({ controller: null }));

desktop?.onController((controller) => useController.setState({ controller }));
