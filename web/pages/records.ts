/** The pages of the logs and of the settings, loaded together. */
export { default as Audit } from './audit/audit.tsx';
export { default as Events } from './events/events.tsx';
export { default as Settings } from './settings/settings.tsx';
