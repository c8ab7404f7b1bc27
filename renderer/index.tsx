// First, so that what a page says of its own parts comes after and wins.
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/table.css';
import './styles/overlays.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { refreshSession } from './api/live.ts';
import { App } from './app/App.tsx';
import { applyTheme } from './app/theme.ts';

applyTheme();
void refreshSession();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root');
createRoot(root).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
