export { responderPage, type ResponderView } from './responder-page.tsx';
