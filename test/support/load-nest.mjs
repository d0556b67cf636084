// Jest cannot require() an ES module that is still being linked, and @willsoto/nestjs-prometheus (CommonJS)
// requires Nest (ES modules). Loaded beforehand, Nest is complete when it is asked for.
import '@nestjs/common';
import '@nestjs/core';
