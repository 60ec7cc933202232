import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { activateLanguage, preferredLanguage } from './text/i18n.ts';
import { applyKeptTheme } from './ui/theme.ts';
import './styles.css';

applyKeptTheme();
await activateLanguage(preferredLanguage());
createRoot(document.querySelector('#root') as Element).render(<App />);
