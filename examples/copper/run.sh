#!/bin/sh
./go plan Balkhash Mersin --cargo 20x20 --commodity copper --depart 2026-07-06
