#!/bin/sh
./go assign --year 2024 --scenario northern-closed --against base --by family
