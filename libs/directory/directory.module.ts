import { Module } from '@nestjs/common';

import { Devices } from './devices.ts';
import { MasterData } from './master-data.ts';

@Module({ providers: [Devices, MasterData], exports: [Devices, MasterData] })
export class DirectoryModule {}
