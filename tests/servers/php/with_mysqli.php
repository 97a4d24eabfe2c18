<?php
// The single variables, as mysqli takes them.
$connection = mysqli_init();
$connection->real_connect(
    getenv('AZURE_MYSQL_HOST'),
    getenv('AZURE_MYSQL_USERNAME'),
    getenv('AZURE_MYSQL_PASSWORD'),
    getenv('AZURE_MYSQL_DBNAME'),
    (int) getenv('AZURE_MYSQL_PORT'),
    null,
    constant(getenv('AZURE_MYSQL_FLAG')),
);
echo json_encode($connection->query('select current_user() as user, database() as `database`')->fetch_assoc());
