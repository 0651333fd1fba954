using Microsoft.Data.Sqlite;

namespace Stillhunt.Server.Store.Sqlite;

/// <summary>One consistent state, read beside the writer until disposed. For one thread.</summary>
internal sealed class SqliteReading : IDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteWork _work;

    public SqliteReading(SqliteFile file, string connection)
    {
        _file = file;
        _connection = new SqliteConnection(connection);
        try
        {
            _connection.Open();
            _transaction = _connection.BeginTransaction(deferred: true);
            _work = new SqliteWork(_connection, _transaction);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public T Read<T>(Func<SqliteWork, T> work) => _file.Guard(() => work(_work));

    public void Dispose()
    {
        _work.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }
}
