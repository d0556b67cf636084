export { Device } from './device.entity.ts';
export { DeviceRegister, type DeviceRecord, type DeviceRow } from './device-register.ts';
export { Devices, DUPLICATE_WINDOW_SECONDS, type Press, type PressedDevice } from './devices.ts';
export { DirectorySearch, type Found } from './directory-search.ts';
export { DirectoryModule } from './directory.module.ts';
export { MasterData, type DeviceData, type DirectoryData } from './master-data.ts';
export { Person } from './person.entity.ts';
export { PhoneBook } from './phone-book.ts';
export { Places, type Place } from './places.ts';
export { choiceOfPlace, choicesOfDevices, POLICY_USERS, type PolicyChoice } from './policy-choice.ts';
export {
  Persons,
  Rooms,
  Sites,
  type PersonData,
  type PersonRow,
  type RoomData,
  type RoomRow,
  type SiteData,
  type SiteRow,
} from './registers.ts';
export { Room } from './room.entity.ts';
export { Site } from './site.entity.ts';
