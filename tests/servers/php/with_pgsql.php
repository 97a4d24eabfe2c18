<?php
// The connection string, as pg_connect takes it.
$connection = pg_connect(getenv('AZURE_POSTGRESQL_CONNECTIONSTRING')) or exit(1);
$result = pg_query($connection, 'select current_user as user, current_database() as database') or exit(1);
echo json_encode(pg_fetch_assoc($result));
