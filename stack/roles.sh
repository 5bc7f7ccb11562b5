#!/bin/sh
# Run once by the database image: the role that owns and migrates, and the role the portal runs under.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres <<SQL
CREATE ROLE portal_owner LOGIN CREATEDB PASSWORD '${PORTAL_OWNER_PASSWORD}';
CREATE ROLE portal_app LOGIN PASSWORD '${PORTAL_APP_PASSWORD}';
CREATE DATABASE portal OWNER portal_owner;
SQL
