export { responderPage } from './responder/responder-page.tsx';
