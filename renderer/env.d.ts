/** Vite turns these imports into files; TypeScript needs to hear that they exist. */
declare module '*.css';
