namespace Stillhunt.Server.Store;

/// <summary>There is no room left; nothing of the call was kept, and what was kept before is untouched.</summary>
public sealed class StoreFullException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>What stands in the store can't be what was written; the message names the way to repair it.</summary>
public sealed class StoreDamagedException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The store can't be used as it is: another program's, a newer version's, made with another key, or in use.</summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : IOException(message, inner);
