export { SimulatedNotification } from './simulated-notification.entity.ts';
export { SimulationFeed } from './simulation-feed.ts';
export { SimulationModule } from './simulation.module.ts';
export { ERASABLE_FEED } from './erasable.ts';
