import { Module } from '@nestjs/common';

import { DeviceRegister } from './device-register.ts';
import { DirectorySearch } from './directory-search.ts';
import { Devices } from './devices.ts';
import { MasterData } from './master-data.ts';
import { PhoneBook } from './phone-book.ts';
import { Places } from './places.ts';
import { Persons, Rooms, Sites } from './registers.ts';

const PROVIDERS = [
  Devices,
  DeviceRegister,
  DirectorySearch,
  MasterData,
  Persons,
  PhoneBook,
  Places,
  Rooms,
  Sites,
];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class DirectoryModule {}
