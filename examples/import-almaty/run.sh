#!/bin/sh
./go plan Shanghai Almaty --cargo 4x40HC --commodity machinery --depart 2026-06-01 --prefer cheap
