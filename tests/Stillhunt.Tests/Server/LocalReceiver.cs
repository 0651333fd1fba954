using System.Net;

namespace Stillhunt.Tests.Server;

/// <summary>Something on this machine that a server calls.</summary>
internal static class LocalReceiver
{
    /// <summary>Listens on a port that is free, and answers each call in turn until it is disposed.</summary>
    public static HttpListener Start(out string url, Func<HttpListenerContext, Task> answer)
    {
        var listener = Listen(out url);
        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                try
                {
                    await answer(await listener.GetContextAsync());
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        });
        return listener;
    }

    public static HttpListener Listen(out string url)
    {
        for (var port = 20_000 + Environment.ProcessId % 20_000; ; port++)
        {
            var listener = new HttpListener();
            listener.Prefixes.Add(url = $"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }
}
