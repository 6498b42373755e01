#!/bin/sh
./go plan Kostanay Baku --cargo 2000t --commodity wheat --depart 2026-09-15
