# Gives applications their logins and databases. Once is as good as twice. What it is told:
#   PGHOST, PGPORT, PGSSLMODE, PGSSLROOTCERT   the server, as libpq reads them
#   ADMINISTRATOR, DATABASE   who makes roles and databases, and where it begins; the first is empty where an operator makes them
#   PLAN     a file with what is asked for, as server.sql reads it
#   OWNERS   a file with a line for each database, and whose it is
#   LOGINS   a folder with one for each of these, in which its password is
set -eu
here=$(dirname "$0")

# As whom, in which database, what. Passwords go where no list of processes shows them.
as() {
    login=$1 database=$2
    shift 2
    PGPASSWORD=$(cat "$LOGINS/$login/password") setsid --wait \
        psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$login" --dbname="$database" "$@"
}

# What the server is told, and may write to its log, is what it keeps of a password, and not the password. psql asks a terminal, and reads what it is
# given where there is none.
give_password() {
    password=$(cat "$LOGINS/$1/password")
    printf '%s\n%s\n' "$password" "$password" | as "$ADMINISTRATOR" "$DATABASE" --command="\\password $1"
}

closes=false
if [ -n "$ADMINISTRATOR" ]; then
    closes=true
    as "$ADMINISTRATOR" "$DATABASE" --file="$here/server.sql"
    for folder in "$LOGINS"/*/; do
        login=$(basename "$folder")
        [ "$login" = "$ADMINISTRATOR" ] || give_password "$login"
    done
fi
while read -r database owner; do
    as "$owner" "$database" --set="closes=$closes" --file="$here/database.sql" </dev/null
done <"$OWNERS"
