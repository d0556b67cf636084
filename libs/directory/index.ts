export { Device } from './device.entity.ts';
export { Devices, DUPLICATE_WINDOW_SECONDS, type PressedDevice } from './devices.ts';
export { DirectoryModule } from './directory.module.ts';
export {
  MasterData,
  type DeviceData,
  type DirectoryData,
  type PersonData,
  type RoomData,
  type SiteData,
} from './master-data.ts';
export { Person } from './person.entity.ts';
export { Room } from './room.entity.ts';
export { Site } from './site.entity.ts';
